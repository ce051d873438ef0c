import Ingest

/// The error of ingest that a closure throws, or nil.
func ingestError(_ body: () throws -> Void) -> IngestError? {
  do {
    try body()
    return nil
  } catch {
    return error as? IngestError
  }
}
