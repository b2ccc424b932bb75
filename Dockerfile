# syntax=docker/dockerfile:1
# For the processor:     docker build .
# For an NVIDIA GPU too: docker build --build-arg MAVEN_PROFILES=cuda .

FROM maven:3.9.9-eclipse-temurin-17 AS build
ARG MAVEN_PROFILES=""
WORKDIR /build
COPY pom.xml ./
COPY web web
COPY src/main src/main
RUN --mount=type=cache,target=/root/.m2 mvn --batch-mode --no-transfer-progress -P "${MAVEN_PROFILES}" -Dmaven.test.skip=true -Dspotless.check.skip=true package

FROM eclipse-temurin:17.0.19_10-jre-noble
RUN install -d -o 10001 -g 10001 /data
COPY --from=build /build/target/lib /opt/tandem/lib
COPY --from=build /build/target/tandem.jar /opt/tandem/tandem.jar
# A number, so that it needs no name in the image and can be checked from outside.
USER 10001:10001
ENV TANDEM_HOST=0.0.0.0
ENV TANDEM_PORT=8080
ENV TANDEM_DATA_DIR=/data
VOLUME /data
EXPOSE 8080
# The image has no curl, but bash can talk.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r -t 3 _ status _ <&3 && [ \"$status\" = 200 ]"]
# Heap: at most 40% of the container's memory. JavaCPP allows networks and datasets outside the heap
# as much again. The rest is for code, threads and network buffers.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=40", "-Duser.home=/data", "-Dorg.bytedeco.javacpp.cachedir=/data/native", "-jar", "/opt/tandem/tandem.jar"]
