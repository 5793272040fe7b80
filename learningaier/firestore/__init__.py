"""What the earlier service keeps in Firestore, taken over by `manage.py import_firestore`.

importing          all collections in the order in which they refer to each other
profiles, folders, notes, versions, documents, cards, reviews, conversations   one collection each
runs               what one run knows: owners, what is here already, what a dry run has seen
source             the one module that speaks with Firestore
values, report     fields as they were written there; what came of each row
"""
