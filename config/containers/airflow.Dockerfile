# Image of every Airflow component and of the CPU worker.
#   docker build -f config/containers/airflow.Dockerfile -t packshot-airflow .
FROM python:3.11.11-slim-bookworm

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PATH=/opt/packshot/venv/bin:$PATH \
    AIRFLOW_HOME=/opt/airflow \
    PACKSHOT_CONFIG=/opt/packshot/config \
    PACKSHOT_MODELS=/opt/packshot/models \
    GX_ANALYTICS_ENABLED=False

RUN useradd --uid 50000 --create-home packshot \
    && mkdir -p /opt/packshot /opt/airflow/logs /opt/airflow/secrets \
    && chown -R packshot:packshot /opt/packshot /opt/airflow
USER packshot
WORKDIR /opt/packshot

COPY --chown=packshot constraints.txt pyproject.toml README.md ./
COPY --chown=packshot transforms ./transforms
RUN python -m venv venv \
    && pip install --constraint constraints.txt '.[quality,airflow,provenance]' \
    && python -m compileall -q venv/lib
COPY --chown=packshot config ./config
RUN packshot models fetch u2netp yunet
COPY --chown=packshot dags ./dags
COPY --chown=packshot plugins ./plugins
COPY --chown=packshot config/containers/init.py ./

CMD ["airflow", "version"]
