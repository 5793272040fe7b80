"""Django settings: everything that differs between places comes from the environment.

`.env.example` tells what each variable means. A missing or malformed one ends the start.
"""

from pathlib import Path

import django_stubs_ext
from environs import validate

from learningaier.conf import origins, stores
from learningaier.conf.openapi import SPECTACULAR_SETTINGS  # noqa: F401  drf-spectacular reads it
from learningaier.conf.variables import (
    EMBEDDINGS_PROVIDERS,
    ENVIRONMENTS,
    LLM_PROVIDERS,
    Variables,
    is_network,
    one_of,
    positive,
    read_dotenv,
    require_production_values,
    require_vendor_values,
    url_with,
)
from learningaier.embedded import paths, postgres, redis
from learningaier.observability import metrics
from learningaier.observability.logs import logging_config

read_dotenv()  # before anything reads the environment
metrics.share_between_processes()
django_stubs_ext.monkeypatch()  # lets a class say at run time what it holds: ModelAdmin[Note]

BASE_DIR = Path(__file__).resolve().parent.parent
env = Variables()

APP_ENV = env.str("APP_ENV", "local", validate=one_of(*ENVIRONMENTS))
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str(
    "SECRET_KEY", "" if APP_ENV == "production" else "change-me-this-is-local-only"
)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", [] if APP_ENV == "production" else ["localhost", "127.0.0.1", "[::1]"]
)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
CORS_ALLOWED_ORIGINS: list[str] = env.list("CORS_ALLOWED_ORIGINS", origins.default(APP_ENV))
CORS_ALLOWED_ORIGIN_PATTERNS: list[str] = env.list("CORS_ALLOWED_ORIGIN_PATTERNS", [])
DATA_DIR = Path(env.str("DATA_DIR", "") or BASE_DIR / ".data")
DATABASE_URL = env.str("DATABASE_URL", "", validate=url_with("postgresql", "postgres"))
DATABASE_POOLER = env.str("DATABASE_POOLER", "", validate=one_of(*stores.POOLERS))
REDIS_URL = env.str("REDIS_URL", "", validate=stores.redis_url)
QUEUE_REDIS_URL = env.str("QUEUE_REDIS_URL", "", validate=stores.redis_url)
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", [])

ENABLE_REDIS_CACHE = env.bool("ENABLE_REDIS_CACHE", True)
RATELIMIT_ENABLE = env.bool("RATELIMIT_ENABLE", True)
RATELIMIT_FAIL_OPEN = env.str("RATELIMIT_FAIL_OPEN", "", validate=one_of("", "true", "false"))
RATE_LIMIT_RAG_CHAT = env.int("RATE_LIMIT_RAG_CHAT", 20, validate=positive())
RATE_LIMIT_ANALYTICS = env.int("RATE_LIMIT_ANALYTICS", 30, validate=positive())
RATE_LIMIT_DOCUMENT_UPLOAD = env.int("RATE_LIMIT_DOCUMENT_UPLOAD", 10, validate=positive())
RATE_LIMIT_ANONYMOUS = env.int("RATE_LIMIT_ANONYMOUS", 60, validate=positive())
RATE_LIMIT_SIGN_IN_ACCOUNT = env.int("RATE_LIMIT_SIGN_IN_ACCOUNT", 10, validate=positive())
RATE_LIMIT_SIGN_IN_ALL = env.int("RATE_LIMIT_SIGN_IN_ALL", 300, validate=positive())
RATE_LIMIT_WRITES = env.int("RATE_LIMIT_WRITES", 6000, validate=positive())
RATE_LIMIT_SIGN_IN = env.int("RATE_LIMIT_SIGN_IN", 90, validate=positive())
RATE_LIMIT_SIGN_UP = env.int("RATE_LIMIT_SIGN_UP", 30, validate=positive())

FIREBASE_PROJECT_ID = env.str("FIREBASE_PROJECT_ID", "")
FIREBASE_CREDENTIALS = env.str("FIREBASE_CREDENTIALS", "")
FIREBASE_STORAGE_BUCKET = env.str("FIREBASE_STORAGE_BUCKET", "")
FIREBASE_AUTH_EMULATOR_HOST = env.str("FIREBASE_AUTH_EMULATOR_HOST", "")
SIGN_UP = env.bool("SIGN_UP", False)
LOCAL_TOKEN_DAYS = env.int("LOCAL_TOKEN_DAYS", 30, validate=positive())

LLM_PROVIDER = env.str("LLM_PROVIDER", "extractive", validate=one_of(*LLM_PROVIDERS))
LLM_MODEL = env.str("LLM_MODEL", "")
LLM_MODELS: list[str] = env.list("LLM_MODELS", [])
LLM_BASE_URL = env.str("LLM_BASE_URL", "", validate=url_with("http", "https"))
LLM_API_KEY = env.str("LLM_API_KEY", "")
LLM_TIMEOUT_SECONDS = env.int("LLM_TIMEOUT_SECONDS", 30, validate=positive())
EMBEDDINGS_PROVIDER = env.str(
    "EMBEDDINGS_PROVIDER", "wordllama", validate=one_of(*EMBEDDINGS_PROVIDERS)
)
EMBEDDINGS_MODEL = env.str("EMBEDDINGS_MODEL", "")
EMBEDDINGS_DIMENSIONS = env.int("EMBEDDINGS_DIMENSIONS", 768, validate=positive())
EMBEDDINGS_BASE_URL = env.str("EMBEDDINGS_BASE_URL", "", validate=url_with("http", "https"))
EMBEDDINGS_API_KEY = env.str("EMBEDDINGS_API_KEY", "")
GEMINI_API_KEY = env.str("GEMINI_API_KEY", "")
GEMINI_BASE_URL = env.str("GEMINI_BASE_URL", "", validate=url_with("http", "https"))
GOOGLE_CLOUD_PROJECT = env.str("GOOGLE_CLOUD_PROJECT", "")
GOOGLE_CLOUD_LOCATION = env.str("GOOGLE_CLOUD_LOCATION", "global")
AI_DAILY_TOKEN_BUDGET = env.int("AI_DAILY_TOKEN_BUDGET", 0, validate=validate.Range(min=0))
PINECONE_API_KEY = env.str("PINECONE_API_KEY", "")
PINECONE_INDEX_HOST = env.str("PINECONE_INDEX_HOST", "")

USER_STORAGE_MB = env.int("USER_STORAGE_MB", 5000, validate=positive())
USER_DOCUMENTS = env.int("USER_DOCUMENTS", 2000, validate=positive())
USER_NOTES = env.int("USER_NOTES", 20000, validate=positive())
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
MAX_UPLOAD_MB = env.int("MAX_UPLOAD_MB", 50, validate=positive())
EXTRACTION_TIMEOUT_SECONDS = env.int("EXTRACTION_TIMEOUT_SECONDS", 300, validate=positive())
INDEXING_TIMEOUT_SECONDS = env.int("INDEXING_TIMEOUT_SECONDS", 300, validate=positive())
EXTRACTION_MEMORY_MB = env.int("EXTRACTION_MEMORY_MB", 1024, validate=positive())
OCR_LANGUAGES = env.str("OCR_LANGUAGES", "eng", validate=validate.Length(min=3))
WORKER_PORT = env.int("WORKER_PORT", 0, validate=validate.Range(min=0, max=65535))
LOG_LEVEL = env.str("LOG_LEVEL", "INFO", validate=one_of("DEBUG", "INFO", "WARNING", "ERROR"))

if APP_ENV == "production":
    require_production_values(env, globals())
if FIREBASE_AUTH_EMULATOR_HOST and not DEBUG:
    # The emulator's tokens carry no signature: whoever sets this could be anyone.
    env.reject("FIREBASE_AUTH_EMULATOR_HOST", "is refused unless DEBUG is on.")
require_vendor_values(env, globals())
for entry in TRUSTED_PROXIES:
    if not is_network(entry):
        env.reject("TRUSTED_PROXIES", f"{entry!r} is neither an address nor a network.")
for fault in filter(None, map(origins.find_fault, CORS_ALLOWED_ORIGIN_PATTERNS)):
    env.reject("CORS_ALLOWED_ORIGIN_PATTERNS", fault)
env.settle()

DATABASE_URL = DATABASE_URL or postgres.url(paths.sockets_of(DATA_DIR))
REDIS_URL = REDIS_URL or redis.url(paths.sockets_of(DATA_DIR))
QUEUE_REDIS_URL = QUEUE_REDIS_URL or REDIS_URL

INSTALLED_APPS = [
    "learningaier.demo",
    "learningaier.firestore",
    "learningaier.accounts",
    "learningaier.api",
    "learningaier.ai",
    "learningaier.cache",
    "learningaier.jobs",
    "learningaier.sync",
    "learningaier.knowledge",
    "notes",
    "documents",
    "flashcards",
    "chat",
    "analytics",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "learningaier.api.middleware.RequestContext",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "learningaier.urls"
WSGI_APPLICATION = "learningaier.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = stores.databases(DATABASE_URL, pooler=DATABASE_POOLER)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = stores.caches(REDIS_URL)
STORAGES = stores.storages(FIREBASE_STORAGE_BUCKET)

AUTH_USER_MODEL = "accounts.User"
PASSWORD_RULES = ["MinimumLength", "CommonPassword", "NumericPassword", "UserAttributeSimilarity"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"} for name in PASSWORD_RULES
]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["learningaier.accounts.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "learningaier.accounts.permissions.HasScope",
    ],
    "DEFAULT_RENDERER_CLASSES": ["learningaier.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["learningaier.api.parsers.JSONParser"],
    "DEFAULT_METADATA_CLASS": "learningaier.api.metadata.Methods",
    "DEFAULT_THROTTLE_CLASSES": ["learningaier.api.throttles.WriteThrottle"],
    "DEFAULT_PAGINATION_CLASS": "learningaier.sync.pagination.SyncPagination",
    "DEFAULT_SCHEMA_CLASS": "learningaier.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "learningaier.api.handlers.answer_error",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,  # `?format=` is a query parameter like any other
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "DATETIME_FORMAT": "iso-8601",
}

CORS_ALLOWED_ORIGIN_REGEXES = [origins.anchor(pattern) for pattern in CORS_ALLOWED_ORIGIN_PATTERNS]
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = origins.SENT_HEADERS
CORS_EXPOSE_HEADERS = origins.EXPOSED_HEADERS

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
MEDIA_ROOT = DATA_DIR / "uploads"
STATIC_URL = "/static/"
STATIC_ROOT = None if APP_ENV == "local" else BASE_DIR / ".static"
WHITENOISE_USE_FINDERS = APP_ENV == "local"

LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"
LOGGING = logging_config(LOG_LEVEL)

if APP_ENV != "local":
    SECURE_SSL_REDIRECT = True
    # Probes and scrapers speak plain HTTP to the pod itself.
    SECURE_REDIRECT_EXEMPT = [r"^health", r"^metrics$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
