ARG VERSION=3
# Builds it.
FROM golang:1.22 AS build
WORKDIR /src
RUN go build \
    -o shop

FROM debian:12
COPY --from=build /src/shop /shop
ENV SHOP_PATH=/tmp
ENTRYPOINT ["/shop"]
