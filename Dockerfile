# One image for every role: `docker run pactwatch run --roles detect`. docker-compose.yml starts one of each.

FROM eclipse-temurin:17.0.18_8-jdk-noble AS build
WORKDIR /src
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY src src
# The cache holds Maven and the dependencies from one build to the next; it is no part of the image.
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -q -DskipTests package

# Ubuntu and not Alpine: the RocksDB of Kafka Streams is tested against glibc.
FROM eclipse-temurin:17.0.18_8-jre-noble
RUN useradd --system --uid 10001 --user-group --home-dir /opt/pactwatch --shell /usr/sbin/nologin pactwatch \
    && install -d -o pactwatch -g pactwatch /data
WORKDIR /opt/pactwatch
COPY docker/healthy /usr/local/bin/healthy
COPY --from=build /src/target/quarkus-app/ ./
# The configuration of this version; mount your own over it.
COPY config /config
ENV PACTWATCH_CONFIG_DIR=/config PACTWATCH_DATA_DIR=/data
USER 10001:10001
# What a role keeps outside Kafka and the database: the state of Kafka Streams, which Kafka can rebuild.
VOLUME /data
# A share of the container's own memory limit; what it leaves is for RocksDB, threads and network buffers.
# Out of memory means exit and be restarted, since a stream thread that lost it never recovers.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-jar", "quarkus-run.jar"]
CMD ["--help"]
