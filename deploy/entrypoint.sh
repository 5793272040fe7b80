#!/bin/sh
# What a container runs: web, worker, scheduler or migrate; anything else is a manage.py command.
set -eu
mkdir -p "$DATA_DIR"
# Processes of a container share their figures in files; those of an earlier start count no more.
export PROMETHEUS_MULTIPROC_DIR="${TMPDIR:-/tmp}/metrics"
case "${1:-web}" in
web | worker)
    rm -rf "$PROMETHEUS_MULTIPROC_DIR"
    mkdir "$PROMETHEUS_MULTIPROC_DIR"
    ;;
*) unset PROMETHEUS_MULTIPROC_DIR ;;
esac
case "${1:-web}" in
web) exec gunicorn --config learningaier/gunicorn.py ;;
migrate)
    # A statement that waits for a lock makes everyone after it wait too: rather give up and come again.
    # A pooler takes no such option; there the database's own setting has to say it.
    [ -n "${DATABASE_POOLER:-}" ] || export PGOPTIONS="-c lock_timeout=5s"
    exec python manage.py migrate --noinput
    ;;
*) exec python manage.py "$@" ;;
esac
