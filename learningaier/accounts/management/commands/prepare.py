"""`manage.py prepare`: the database's schema, and the demo accounts where asked for."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from learningaier.accounts.models import User


class Command(BaseCommand):
    """What `make run` does before it serves."""

    help = "Migrate; with --demo make the accounts demo/demo and admin/admin and their library."
