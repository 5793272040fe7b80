"""A material that is removed while somebody writes to it leaves nothing, and nobody an error."""

import threading
import time
import uuid

import pytest
from django.db import connection, transaction

from learningaier.accounts.models import User
from learningaier.knowledge.index.writer import SourceText, index_text
from learningaier.knowledge.models import Chunk, Material

TEXT = "The mitochondrion is the power plant of the cell.\n\n# Plants\n\nChlorophyll absorbs light."


@pytest.mark.django_db(transaction=True)
def test_a_removal_waits_for_a_writer_and_takes_what_it_wrote() -> None:
    owner = User.objects.create_user("writer", password="a long password")
    text = SourceText(uuid.uuid4(), owner.pk, Material.Kind.NOTE, "Cells", TEXT)
    index_text(text)
    has_written, may_end = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                Material.objects.select_for_update().get(pk=text.id)
                chunk = Chunk.objects.filter(material_id=text.id).earliest("position")
                chunk.pk, chunk.position = None, 99
                chunk.save(force_insert=True)
                has_written.set()
                may_end.wait(30)
        finally:
            connection.close()

    def remove() -> None:
        try:
            Material.objects.filter(pk=text.id).remove()
        finally:
            connection.close()

    threads = [threading.Thread(target=write), threading.Thread(target=remove)]
    threads[0].start()
    assert has_written.wait(30)
    threads[1].start()
    time.sleep(0.2)  # the removal is waiting by now, or has gone ahead, which would be wrong
    assert Material.objects.filter(pk=text.id).exists()
    may_end.set()
    for thread in threads:
        thread.join()

    assert not Material.objects.filter(pk=text.id).exists()
    assert not Chunk.objects.filter(material_id=text.id).exists()
