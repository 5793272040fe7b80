"""Documents in the admin."""

import pytest

from documents.models import Document
from learningaier.accounts.models import User
from learningaier.knowledge.models import Material

LIST = "/admin/documents/document/"


@pytest.fixture
def operator(client, db):
    """A client that has signed in to the admin."""
    client.force_login(User.objects.create_superuser("operator", password="a long password"))
    return client


def test_the_list_can_be_searched_and_filtered(operator, process, pdf):
    document = process(pdf)
    page = operator.get(LIST, {"q": "cells", "status__exact": "ready"})
    assert page.status_code == 200
    assert str(document.pk) in page.content.decode()


def test_a_new_title_is_indexed(operator, process, pdf):
    document = process(pdf)
    page = operator.get(f"{LIST}{document.pk}/change/")
    assert page.status_code == 200
    operator.post(f"{LIST}{document.pk}/change/", {"title": "Cytology", "status": "failed"})
    document.refresh_from_db()
    assert (document.title, document.status) == ("Cytology", "ready")
    assert Material.objects.get(pk=document.pk).title == "Cytology"


def test_nothing_is_added_by_hand(operator):
    assert operator.get(f"{LIST}add/").status_code == 403


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("retry", "failed", "queued"),
        ("retry", "ready", "ready"),
        ("cancel", "queued", "cancelled"),
        ("cancel", "ready", "ready"),
    ],
)
def test_actions_do_what_the_state_allows(operator, send, pdf, action, before, after):
    pk = send(pdf).json()["id"]
    Document.objects.update(status=before)
    operator.post(LIST, {"action": action, "_selected_action": [pk]})
    assert Document.objects.get(pk=pk).status == after


@pytest.mark.parametrize("way", ["one", "many"])
def test_deleting_clears_the_index(operator, process, pdf, way):
    document = process(pdf)
    if way == "one":
        operator.post(f"{LIST}{document.pk}/delete/", {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": [document.pk], "post": "yes"}
        operator.post(LIST, chosen)
    assert not Document.objects.exists()
    assert not Material.objects.exists()
