"""Makes the peer's database: its tables, one of its staff, and a queue of so many tickets. Prints how to get in.

Nobody is to be told by mail: no ticket has an address. python -m bench.helpdesk.fill 10000
"""

import json
import sys

import django


def fill(tickets: int) -> None:
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from helpdesk.models import FollowUp, Queue, Ticket

    call_command("migrate", verbosity=0)
    staff = User.objects.create_superuser("staff")
    queue = Queue.objects.create(title="After sales", slug="sales", escalate_days=1)
    made = [
        Ticket(queue=queue, title="Nothing has arrived.", description="It should have.", secret_key=str(number))
        for number in range(tickets)
    ]
    Ticket.objects.bulk_create(made, batch_size=500)
    opened = [FollowUp(ticket=each, title="Ticket Opened", comment="It should have.", user=staff) for each in made]
    FollowUp.objects.bulk_create(opened, batch_size=500)
    call_command("create_usersettings", verbosity=0)
    print(json.dumps(_way_in(staff)))


def _way_in(staff: object) -> dict[str, str]:
    """The cookie of one who has logged in, and the list as the peer's page asks for it."""
    from django.test import Client
    from helpdesk.query import query_to_base64

    client = Client()
    client.force_login(staff)
    wanted = {"filtering": {}, "sorting": "created", "sortreverse": True, "search_string": ""}
    return {"session": client.cookies["sessionid"].value, "query": query_to_base64(wanted)}


if __name__ == "__main__":
    django.setup()
    fill(int(sys.argv[1]))
