# edgegen with Docker's client and Compose. Build it with `docker build -t edgegen .`; docs/install.md shows how to run it.
#
# `--target with-buildx` adds buildx, which Compose needs for Dockerfiles with features of BuildKit.
# Without PyPI: put wheels into wheels/, and add `--build-arg PIP_NO_INDEX=1 --build-arg PIP_FIND_LINKS=/source/wheels`.
ARG PYTHON=3.13
ARG DOCKER=29

FROM docker:${DOCKER}-cli AS docker

FROM python:${PYTHON}-slim AS build
ARG PIP_NO_INDEX
ARG PIP_FIND_LINKS
WORKDIR /source
COPY . .
# Bytecode is half of a usual installation, most of it of what is never loaded: the SDK's models of Cloudflare's whole API.
RUN pip install --no-cache-dir --no-compile --disable-pip-version-check --root-user-action ignore --prefix /install . \
 && python -m compileall -q -x '/(pygments|cloudflare/(resources|types/(?!shared)))/' \
      --invalidation-mode unchecked-hash -s /install -p /usr/local /install/lib

FROM python:${PYTHON}-slim AS runtime
# ssh: for --host ssh://…
RUN apt-get update \
 && apt-get install --yes --no-install-recommends openssh-client \
 && rm -rf /var/lib/apt/lists/*
COPY --from=docker /usr/local/bin/docker /usr/local/bin/docker
COPY --from=docker /usr/local/libexec/docker/cli-plugins/docker-compose /usr/local/libexec/docker/cli-plugins/docker-compose
COPY --from=build /install /usr/local
# ssh wants a user with a name. Anyone else can be chosen with `docker run --user`; all they need is a home to write to.
RUN useradd --uid 1000 --user-group --create-home edgegen && chmod 1777 /home/edgegen
ENV HOME=/home/edgegen
USER 1000:1000
WORKDIR /project
ENTRYPOINT ["edgegen"]
CMD ["--help"]

FROM runtime AS with-buildx
COPY --from=docker /usr/local/libexec/docker/cli-plugins/docker-buildx /usr/local/libexec/docker/cli-plugins/docker-buildx

FROM runtime
