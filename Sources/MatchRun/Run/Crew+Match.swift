public import CatalogStore

extension Crew {
  /// A crew for matches.
  /// - Parameters:
  ///   - threads: Threads of this process that work, 1 or more.
  ///   - scratch: A folder of this machine in which result files are built before they are copied into the database, for
  ///     shared file systems that are slow with small writes; nil: they are built in the database.
  public convenience init(
    transport: any Transport = NoTransport(), threads: Int, scratch: String? = nil,
    cancellation: Cancellation = Cancellation()
  ) {
    self.init(
      transport: transport, threads: threads, scratch: scratch, stages: RunContext.standardStages,
      cancellation: cancellation)
  }

  /// A crew for runs with other stages, the same in every process.
  convenience init(
    transport: any Transport, threads: Int, scratch: String?, stages: @escaping StageList, cancellation: Cancellation
  ) {
    self.init(transport: transport, threads: threads, scratch: scratch, cancellation: cancellation) {
      switch $0.kind {
      case .match: try RunContext($0, stages: stages, cancellation: $1)
      case .corrections: try CorrectionContext($0, cancellation: $1)
      }
    }
  }
}
