"""The pipeline on Kafka: topics, the Faust shell around the workers, the gateway."""
