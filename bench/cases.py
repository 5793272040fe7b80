"""Small notes as learners write them, and what answers about them must and must not say.

    python -W ignore -m bench.cases [--verbose]

Prints right and wrong by kind: lists, exam papers, tables, signs, absent figures and names,
negation, follow-ups, sentences over a page break, marks inside words, Markdown in answers.
`answering_cases.json`: `[{kind, notes: [{title, content or pages}], asks: [[question, must, must
not]], chat: [[question, must]]}]`; where nothing must be said, the answer is `not_found`.
"""

import argparse
import json
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.library import own_database

CASES = Path(__file__).with_name("answering_cases.json")


def main() -> None:
    """Ask everything and print the share of right answers by kind."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--verbose", action="store_true", help="print the right answers too")
    verbose = parser.parse_args().verbose
    with own_database():
        results = [measure(case, verbose=verbose) for case in json.loads(CASES.read_text())]
    for kind, right, asked in results:
        print(f"  {kind:12} {right:3} of {asked}")
    print(f"  all          {sum(r for _, r, _ in results):3} of {sum(a for *_, a in results)}")


def measure(case: dict[str, Any], *, verbose: bool) -> tuple[str, int, int]:
    """Write a kind's notes for a learner of its own and ask. Returns: kind, right, asked."""
    from learningaier.accounts.models import User
    from learningaier.knowledge.answering.followups import Turn

    owner = User.objects.create_user(str(uuid.uuid4()))
    for note in case["notes"]:
        index(owner.pk, note)
    judged = [judge(owner.pk, *ask, verbose=verbose) for ask in case["asks"]]
    history: list[Turn] = []
    for question, must in case["chat"]:
        judged.append(judge(owner.pk, question, [must], [], history, verbose=verbose))
        history += [Turn("user", question), Turn("assistant", judged[-1][1])]
    return case["kind"], sum(is_right for is_right, _ in judged), len(judged)


def index(owner_id: uuid.UUID, note: dict[str, Any]) -> None:
    """A note, or a document of pages, in the index."""
    from learningaier.knowledge.index.source import SourceText
    from learningaier.knowledge.index.writer import index_text
    from learningaier.knowledge.text.chunking import Page

    pk, pages, text = uuid.uuid4(), [], note.get("content", "")
    for number, page in enumerate(note.get("pages", []), 1):
        pages.append(Page(number, len(text), len(text) + len(page)))
        text += f"{page}\n\n"
    kind = "document" if pages else "note"
    note_id = None if pages else pk
    index_text(SourceText(pk, owner_id, kind, note["title"], text, note_id=note_id, pages=pages))


def judge(
    owner_id: uuid.UUID,
    question: str,
    must: Sequence[str],
    must_not: Sequence[str],
    history: Sequence[Any] = (),
    *,
    verbose: bool,
) -> tuple[bool, str]:
    """Ask. Returns: whether the answer is right, and the answer."""
    from learningaier.knowledge.answering.answers import stream_answer
    from learningaier.knowledge.retrieval.scope import Scope

    *_, answer = stream_answer(question, scope=Scope(owner_id), top_k=5, history=history)
    said = answer.answer.lower()
    is_right = all(text.lower() in said for text in must)
    is_right = is_right and not any(text.lower() in said for text in must_not)
    is_right = is_right if must else answer.status == "not_found"
    if verbose or not is_right:
        print(f"  {'right' if is_right else 'WRONG'}: {question} {answer.answer!r}")
    return is_right, answer.answer


if __name__ == "__main__":
    main()
