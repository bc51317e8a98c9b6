# Image of the worker that makes the pictures, one process for each GPU.
#   docker build -f config/containers/gpu-worker.Dockerfile -t packshot-gpu-worker .
# The driver comes from the host through the NVIDIA container toolkit; CUDA comes with torch's own
# packages, so the base is the same as that of the other components. Checkpoints lie in the hub's
# cache at HF_HOME, a volume of the stack: `packshot models fetch` brings them, see docs/seasons.md.
FROM python:3.11.11-slim-bookworm

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PATH=/opt/packshot/venv/bin:$PATH \
    AIRFLOW_HOME=/opt/airflow \
    PACKSHOT_CONFIG=/opt/packshot/config \
    PACKSHOT_MODELS=/opt/packshot/models \
    HF_HOME=/opt/packshot/hub \
    GX_ANALYTICS_ENABLED=False \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility

RUN useradd --uid 50000 --create-home packshot \
    && mkdir -p /opt/packshot/hub /opt/airflow/logs /opt/airflow/secrets \
    && chown -R packshot:packshot /opt/packshot /opt/airflow
USER packshot
WORKDIR /opt/packshot

COPY --chown=packshot constraints.txt pyproject.toml README.md ./
COPY --chown=packshot transforms ./transforms
RUN python -m venv venv \
    && pip install --constraint constraints.txt '.[quality,airflow,diffusion]' \
    && python -m compileall -q venv/lib
COPY --chown=packshot config ./config
RUN packshot models fetch u2netp yunet
COPY --chown=packshot dags ./dags

CMD ["airflow", "celery", "worker", "--queues", "gpu", "--concurrency", "1"]
