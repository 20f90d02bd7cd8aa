"""Lets so many tickets become overdue, has the peer's own command escalate them, and prints the CPU that it took.

python -m bench.helpdesk.escalate 250
"""

import sys
import time
from datetime import timedelta

import django


def escalate(tickets: int) -> float:
    """Seconds of CPU, what Django's start takes apart. Raises ValueError unless just they were escalated."""
    from django.core.management import call_command
    from django.utils import timezone
    from helpdesk.models import Ticket

    waiting = Ticket.objects.filter(last_escalation=None)
    overdue = list(waiting.values_list("id", flat=True)[:tickets])
    Ticket.objects.filter(id__in=overdue).update(created=timezone.now() - timedelta(days=2))
    before = waiting.count()
    begun = time.process_time()
    call_command("escalate_tickets")
    took = time.process_time() - begun
    if before - waiting.count() != tickets:
        raise ValueError(f"{before - waiting.count()} were escalated")
    return took


if __name__ == "__main__":
    django.setup()
    print(escalate(int(sys.argv[1])))
