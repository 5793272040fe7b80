#!/bin/sh
# What a container runs: web, worker, scheduler or migrate; anything else is a manage.py command.
set -eu
mkdir -p "$DATA_DIR"
case "${1:-web}" in
web)
    # Its processes share their figures in files; those of an earlier start count no more.
    export PROMETHEUS_MULTIPROC_DIR="${TMPDIR:-/tmp}/metrics"
    rm -rf "$PROMETHEUS_MULTIPROC_DIR"
    mkdir "$PROMETHEUS_MULTIPROC_DIR"
    exec gunicorn --config learningaier/gunicorn.py
    ;;
migrate) exec python manage.py migrate --noinput ;;
*) exec python manage.py "$@" ;;
esac
