# The portal's one image: web, worker, beat and the one-shot migration run it with different
# commands. Everything it needs from outside comes by environment and volumes.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    MEDIA_ROOT=/srv/media \
    STATIC_ROOT=/srv/static \
    HOME=/tmp

RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libharfbuzz-subset0 libmagic1 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
# production, or api for the portal with the read API.
ARG REQUIREMENTS=production
COPY requirements/production.txt requirements/api.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r "requirements/$REQUIREMENTS.txt"

# Volumes take over the owner of the folder they are mounted on. The code stays root's: the
# portal cannot change itself.
RUN useradd --system --uid 10001 --no-create-home portal \
    && install -d -o portal -g portal /srv/media /srv/static /srv/beat

COPY . .

USER portal
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", \
     "--worker-class", "gthread", "--threads", "8", "--timeout", "60", \
     "--max-requests", "5000", "--max-requests-jitter", "500", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-"]
