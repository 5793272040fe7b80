#!/bin/sh
# What a container runs: web, worker, scheduler or migrate; anything else is a manage.py command.
set -eu
mkdir -p "$DATA_DIR"
case "${1:-web}" in
web)
    # Its processes share their figures in files; those of an earlier start count no more.
    mkdir -p "$PROMETHEUS_MULTIPROC_DIR"
    rm -f "$PROMETHEUS_MULTIPROC_DIR"/*.db
    exec gunicorn --config learningaier/gunicorn.py
    ;;
migrate)
    unset PROMETHEUS_MULTIPROC_DIR
    exec python manage.py migrate --noinput
    ;;
*)
    unset PROMETHEUS_MULTIPROC_DIR
    exec python manage.py "$@"
    ;;
esac
