"""From files to source records: readers, extraction, the pipeline and its jobs."""
