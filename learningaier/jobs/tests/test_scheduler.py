"""`manage.py scheduler`: what recurs is called, and one failure stops nothing else."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from learningaier.jobs import schedule


def test_ended_sessions_are_forgotten_and_others_kept(db):
    now = timezone.now()
    for key, ends in (("ended", now - timedelta(seconds=1)), ("open", now + timedelta(hours=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)

    call_command("scheduler", "--once")

    assert list(Session.objects.values_list("pk", flat=True)) == ["open"]


def test_a_duty_that_fails_is_told_and_leaves_the_others_alone(caplog):
    called = []

    def fails():
        raise LookupError("no row")

    tasks = [schedule.Recurring(fails, 1), schedule.Recurring(lambda: called.append(1), 1)]

    schedule.run_due(0, tasks)

    assert called == [1]
    assert schedule.RUNS.labels("fails", "failed")._value.get() == 1  # noqa: SLF001
    assert [record.getMessage() for record in caplog.records] == ["recurring_failed"]
