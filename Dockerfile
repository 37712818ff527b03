# The compiled file in a bare image: docker build -t commons . && docker run -p 3000:3000 -v commons:/data commons
FROM --platform=$BUILDPLATFORM node:22-bookworm-slim AS build
WORKDIR /build
COPY . .
RUN ./scripts/build
ARG TARGETARCH
RUN cp "dist/commons-linux-$(echo "$TARGETARCH" | sed s/amd64/x64/)" /commons && mkdir /data

FROM gcr.io/distroless/base-debian12:nonroot
COPY --from=build /commons /commons
COPY --from=build --chown=nonroot:nonroot /data /data
ENV COMMONS_HOST=0.0.0.0 COMMONS_DATA_DIR=/data
VOLUME /data
EXPOSE 3000
ENTRYPOINT ["/commons"]
