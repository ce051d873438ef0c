-- The pixels that a run is cut into are chunks, the word of the report and of the documents.
ALTER TABLE run_unit RENAME TO run_chunk;
ALTER TABLE run_plan_unit RENAME TO run_plan_chunk;
