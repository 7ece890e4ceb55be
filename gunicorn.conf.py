"""How gunicorn serves: everything comes from the environment that salon/env.py declares."""

from pathlib import Path

from salon import env

wsgi_app = "salon.wsgi"
bind = f"{env.text('HOST')}:{env.text('PORT')}"
workers = env.number("WEB_WORKERS")
worker_class = "gthread"
threads = env.number("WEB_THREADS")
# gunicorn marks a request as https when one of these proxies says so; Django trusts gunicorn.
forwarded_allow_ips = env.text("FORWARDED_ALLOW_IPS")
timeout = 30
graceful_timeout = 10
max_requests = 5000
max_requests_jitter = 500
accesslog = None
loglevel = "warning"
control_socket_disable = True
if Path("/dev/shm").is_dir():  # nosec B108
    # The workers' heartbeat must not wait for a slow disk.
    worker_tmp_dir = "/dev/shm"  # nosec B108
