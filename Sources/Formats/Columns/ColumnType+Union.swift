/// One type for a column that has different types in different files.
///
///     bool < int64 < float64          float32 < float64          uint64 < int64, float64
///     date, timestamp, time, duration: the finer step            date < timestamp without zone
///     binary < text
///
/// No value changes: an integer that is no exact double, an unsigned one beyond 2⁶³ − 1 or a time beyond the range of the
/// finer step ends the reading with its file, column and row.
extension ColumnType {
  /// The narrowest type that holds the values of both; nil if there is none.
  func united(with other: ColumnType) -> ColumnType? {
    if self == other { return self }
    return Self.widened(self, other) ?? Self.widened(other, self)
  }

  private static func widened(_ a: ColumnType, _ b: ColumnType) -> ColumnType? {
    switch (a, b) {
    case (.bool, .int64), (.uint64, .int64): .int64
    case (.bool, .float64), (.int64, .float64), (.uint64, .float64), (.float32, .float64): .float64
    case (.bool, .float32), (.int64, .float32), (.uint64, .float32): .float64
    case (.binary, .text): .text
    case (.date(let x), .date(let y)): .date(x.finer(y))
    case (.time(let x), .time(let y)): .time(x.finer(y))
    case (.duration(let x), .duration(let y)): .duration(x.finer(y))
    case (.date(let x), .timestamp(let y, zone: "")): .timestamp(x.finer(y), zone: "")
    case (.timestamp(let x, let zone), .timestamp(let y, let other)): timestamp(x.finer(y), zone, other)
    default: nil
    }
  }

  /// Timestamps with a zone count from the same instant, whatever the zone; those without one do not say from where.
  private static func timestamp(_ step: TimeStep, _ zone: String, _ other: String) -> ColumnType? {
    if zone == other { return .timestamp(step, zone: zone) }
    return zone.isEmpty || other.isEmpty ? nil : .timestamp(step, zone: "UTC")
  }
}

extension TimeStep {
  fileprivate func finer(_ other: TimeStep) -> TimeStep { seconds <= other.seconds ? self : other }
}
