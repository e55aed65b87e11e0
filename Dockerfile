# syntax=docker/dockerfile:1
# The command alone, static: an image of a few megabytes, without a shell, for a user who is not root.
FROM rust:1.95-alpine AS build
RUN apk add --no-cache musl-dev perl make linux-headers
WORKDIR /redproof
COPY . .
RUN cargo build --release --locked --package redproof \
    && install -D target/release/redproof /out/usr/bin/redproof \
    && install -d -o 65532 -g 65532 /out/work

FROM scratch
COPY --from=build /out /
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/usr/bin/redproof"]
