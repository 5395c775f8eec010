#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs one service in Quarkus' dev mode beside a running stack: ./espalier up --without SERVICE
# usage: .mvn/dev-mode.sh SERVICE [DATA_FOLDER]
set -eu
cd "$(dirname "$0")/.."

service=${1:-}
stack=${2:-.espalier/up}/stack.json
case $service in
    trainer-service | pqi-service | pruning-controller | metrics-dashboard) ;;
    *)
        echo "'$service' is not a service: trainer-service, pqi-service, pruning-controller or metrics-dashboard" >&2
        echo "Try: make dev SERVICE=pqi-service" >&2
        exit 2
        ;;
esac
if [ ! -f "$stack" ]; then
    echo "$stack is missing: no stack is running." >&2
    echo "Try: ./espalier up --without $service" >&2
    exit 2
fi

value() {
    sed -n 's/.*"'"$1"'" *: *"\([^"]*\)".*/\1/p' "$stack" | head -n 1
}
JAVA_HOME=$(.mvn/find-jdk.sh)
KAFKA_BOOTSTRAP_SERVERS=$(value bootstrapServers)
ESPALIER_STORE_ENDPOINT=$(value storeEndpoint)
ESPALIER_STORE_BUCKET=$(value bucket)
ESPALIER_STORE_ACCESS_KEY=$(value accessKey)
ESPALIER_STORE_SECRET_KEY=$(value secretKey)
INSTANCE_ID=$service-0
MKL_CBWR=AUTO,STRICT
export JAVA_HOME KAFKA_BOOTSTRAP_SERVERS ESPALIER_STORE_ENDPOINT ESPALIER_STORE_BUCKET ESPALIER_STORE_ACCESS_KEY
export ESPALIER_STORE_SECRET_KEY INSTANCE_ID MKL_CBWR

# The goal quarkus:dev needs Maven 3.9, which the wrapper downloads.
exec ./mvnw -pl "$service" -am -Dquick package quarkus:dev
