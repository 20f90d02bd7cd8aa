"""The mistakes that would cost most, planted one by one: each has to make a test fail (`make mutants-by-hand`)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One text of one file in place of another, and the tests that have to notice."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


MUTANTS = (
    Mutant(
        "drop the version condition",
        "chalicelib/store/plan.py",
        "return Put(item, only_if=(as_read,), meaning=Meaning.VERSION)",
        "return Put(item, only_if=(as_read,)[:0], meaning=Meaning.VERSION)",
        ("tests/contract/test_commit.py", "tests/contract/test_races.py"),
    ),
    Mutant(
        "count a failure twice",
        "chalicelib/store/quotas.py",
        'add={"y": 1 if failed else -1,',
        'add={"y": 2 if failed else -1,',
        ("tests/contract/test_quota.py",),
    ),
    Mutant(
        "compare with >= in the quota",
        "chalicelib/domain/quota.py",
        "if in_month > limits.per_month:",
        "if in_month >= limits.per_month:",
        ("tests/unit/domain/test_quota.py",),
    ),
    Mutant(
        "compare with < in the quota's condition",
        "chalicelib/store/quotas.py",
        "Compared(_month(check.month), Op.AT_MOST, check.per_month, or_absent=True)",
        "Compared(_month(check.month), Op.LESS, check.per_month, or_absent=True)",
        ("tests/contract/test_quota.py",),
    ),
    Mutant(
        "skip the tenant check on one route",
        "chalicelib/service/queries.py",
        "        dispute = self.dispute(dispute_id, actor)\n"
        "        return dispute, self.store.timeline(dispute_id, limit=limit, after=after)",
        "        dispute = self.store.load(dispute_id).dispute\n"
        "        if dispute is None:\n"
        "            raise NotFound\n"
        "        return dispute, self.store.timeline(dispute_id, limit=limit, after=after)",
        ("tests/api/test_matrix.py",),
    ),
    Mutant(
        "publish before commit",
        "chalicelib/store/disputes.py",
        "            self._table.write([write for each in planned for write in each.writes], planned[0].commit)",
        "            *rest, outbox_item = [write for each in planned for write in each.writes]\n"
        '            self._table.write([outbox_item], f"{planned[0].commit}-outbox")\n'
        "            self._table.write(rest, planned[0].commit)",
        ("tests/contract/test_commit.py", "tests/contract/test_races.py"),
    ),
    Mutant(
        "mark as published before sending",
        "chalicelib/service/publishing.py",
        "        self.bus.publish(item)\n        self.store.published(item.id)",
        "        self.store.published(item.id)\n        self.bus.publish(item)",
        ("tests/unit/service/test_background.py",),
    ),
    Mutant(
        "let the sweeper trust the index without re-reading",
        "chalicelib/service/lapsing.py",
        "        return self.commands.execute(dispute_id, Lapse(), Request(CLOCKWORK, self.clock())).changed",
        "        from datetime import timedelta\n"
        "        as_queued = self.clock() + timedelta(days=31)\n"
        "        return self.commands.execute(dispute_id, Lapse(), Request(CLOCKWORK, as_queued)).changed",
        ("tests/unit/service/test_background.py", "tests/jobs/test_jobs.py"),
    ),
    Mutant(
        "accept an upload after the deadline",
        "chalicelib/domain/piece.py",
        "return self.arrival is not None and self.arrival.at > self.arrive_by",
        "return self.arrival is not None and self.arrival.at is None",
        ("tests/unit/domain/test_evidence_in_time.py",),
    ),
    Mutant(
        "let a webhook reach into the network",
        "chalicelib/store/courier.py",
        "return address.is_global and not address.is_multicast and not address.is_reserved",
        "return not address.is_loopback and not address.is_multicast and not address.is_reserved",
        ("tests/contract/test_courier.py",),
    ),
    Mutant(
        "connect to a webhook by its name instead of the address that was judged",
        "chalicelib/store/courier.py",
        "            raise NotPublic(host)\n        return [str(each) for each in found[:_MOST_TRIED]]",
        "            raise NotPublic(host)\n        return self._resolve(host)[:_MOST_TRIED]",
        ("tests/contract/test_courier.py",),
    ),
    Mutant(
        "tell a shop's webhook what its timeline withholds",
        "chalicelib/service/announcing.py",
        'Role(body["by"]["role"])) is not None',
        'Role(body["by"]["role"])) is not event',
        ("tests/api/test_webhook_deliveries.py",),
    ),
    Mutant(
        "erase what is held",
        "chalicelib/domain/retention.py",
        "    if dispute.hold:\n        return\n",
        "    if dispute.hold and not dispute.ended_at:\n        return\n",
        ("tests/unit/domain/test_retention.py", "tests/unit/service/test_erasing.py"),
    ),
    Mutant(
        "give back time for an outage that was declined",
        "chalicelib/domain/outage.py",
        "return self.answered_by if self.state in _AGREED_TO else None",
        "return self.answered_by",
        ("tests/unit/domain/test_outages.py", "tests/unit/service/test_outages.py"),
    ),
    Mutant(
        "let a failure outlive the default that was set aside",
        "chalicelib/domain/setting_aside.py",
        "    if appeal and ruling and appeal.against == ruling.version:",
        "    if appeal and ruling and appeal.against > ruling.version:",
        ("tests/unit/domain/test_setting_aside.py", "tests/unit/domain/test_outages.py"),
    ),
    Mutant(
        "let a shop find who reported it",
        "chalicelib/domain/confidential.py",
        "return actor.role is Role.BUYER or (actor.role is Role.PLATFORM and not actor.parties)",
        "return actor.role is not Role.MERCHANT",
        ("tests/api/test_privacy.py",),
    ),
)
