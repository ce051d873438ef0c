internal import CatalogStore

/// Where the positions of both catalogues are moved before the match, and what is said about it.
public struct EpochPlan: Sendable, Equatable {
  /// The epoch of the match; nil: positions as given.
  public var targetYears: Double?
  /// The epoch from which drifts of sources of unknown motion are reckoned; nil: positions are taken as they are given.
  public private(set) var restYears: Double?
  /// What a user should know: unknown epochs, motions that are missing.
  public var notes: [String] = []
  /// Likewise of motions that are missing, where nothing else is said about them.
  private(set) var motionNotes: [String] = []

  init(_ a: CatalogueInfo, _ b: CatalogueInfo, _ choice: MatchConfiguration.Epoch) throws {
    switch choice {
    case .asGiven: notes.append("positions are compared as given, at their own epochs")
    case .year(let year):
      for info in [a, b] where info.epochRange == nil {
        throw StoreError(
          .usage, info.name,
          "its epoch is unknown, so its positions cannot be moved to \(year); ingest it again with --epoch YEAR --replace, "
            + "or match with --epoch none")
      }
      targetYears = year
    case .automatic: chooseTarget(a, b)
    }
    restYears = Self.restYears(a, b, target: targetYears, choice)
    for info in [a, b] {
      noteSpread(info)
      noteMotions(info)
    }
  }

  private mutating func chooseTarget(_ a: CatalogueInfo, _ b: CatalogueInfo) {
    guard let epochA = a.epochRange, let epochB = b.epochRange else {
      for info in [a, b] where info.epochRange == nil {
        notes.append("the epoch of \(info.name) is unknown: positions are compared as given")
      }
      return
    }
    let (canMoveA, canMoveB) = (a.knownMotions > 0, b.knownMotions > 0)
    switch (canMoveA, canMoveB) {
    case (false, false):
      if epochA != epochB { notes.append("neither catalogue has proper motions: positions are compared as given") }
    case (true, false): targetYears = Self.middle(b, epochB)
    case (false, true): targetYears = Self.middle(a, epochA)
    case (true, true): targetYears = max(Self.middle(a, epochA), Self.middle(b, epochB))
    }
  }

  /// Where nothing is moved, no epoch counts but those of the sources: the later of both catalogues.
  private static func restYears(
    _ a: CatalogueInfo, _ b: CatalogueInfo, target: Double?, _ choice: MatchConfiguration.Epoch
  ) -> Double? {
    guard choice != .asGiven, let epochA = a.epochRange, let epochB = b.epochRange else { return nil }
    if a.knownMotions > 0 || b.knownMotions > 0 { return target }
    return max(middle(a, epochA), middle(b, epochB))
  }

  private mutating func noteMotions(_ info: CatalogueInfo) {
    guard let targetYears, let range = info.epochRange, range != targetYears...targetYears else { return }
    let unknown = info.rows - info.knownMotions
    if unknown > 0 {
      motionNotes.append(
        "\(unknown) of \(info.rows) sources of \(info.name) have no known motion and stay at their own epoch (flagged)")
    }
  }

  /// The epoch that stands for a catalogue: the one of all its rows, or the median, which no single row moves. Generations
  /// of older programs have no median; theirs is the middle of the range.
  private static func middle(_ info: CatalogueInfo, _ range: ClosedRange<Double>) -> Double {
    info.epochYears ?? info.medianEpochYears ?? range.lowerBound + (range.upperBound - range.lowerBound) / 2
  }

  /// Epochs so far apart, years, are worth a word.
  private static let wideSpread = 10.0

  private mutating func noteSpread(_ info: CatalogueInfo) {
    guard let range = info.epochRange, range.upperBound - range.lowerBound > Self.wideSpread else { return }
    let middle = info.medianEpochYears.map { "half of them before \($0)" }
    let advice = "the middle is not known; ingest it again with --replace, or give --epoch"
    notes.append(
      "the epochs of \(info.name) lie between \(range.lowerBound) and \(range.upperBound), \(middle ?? advice)")
  }

  /// The longest time that positions of a catalogue are moved, Julian years.
  func longestMove(_ info: CatalogueInfo) -> Double { longest(info, to: targetYears) }

  /// The longest time that a source of a catalogue has drifted whose motion is not known, Julian years.
  func longestDrift(_ info: CatalogueInfo) -> Double { longest(info, to: restYears) }

  private func longest(_ info: CatalogueInfo, to years: Double?) -> Double {
    guard let years, let range = info.epochRange else { return 0 }
    return max(abs(years - range.lowerBound), abs(years - range.upperBound))
  }
}
