internal import CatalogStore
internal import Match
internal import Survivors

extension MatchConfiguration {
  /// The configuration that a run recorded, in the form of `yaml`.
  /// - Throws: `StoreError.damaged` for a text of another form.
  init(recorded text: String, run: Int64) throws {
    self.init()
    let values = Self.values(recorded: text)
    epoch = Epoch(recorded: values["epoch"])
    photometry = values["photometry"] == "true"
    priors = values["priors"].flatMap(Priors.init) ?? priors
    sourcesPerRegion = values["region_sources"].flatMap { Int($0) } ?? sourcesPerRegion
    candidateFraction = values["candidate_fraction"].flatMap(Double.init) ?? candidateFraction
    largestSeparationArcsec = values["largest_separation_arcsec"].flatMap(Double.init) ?? largestSeparationArcsec
    negligibleProbability = values["negligible_probability"].flatMap(Double.init) ?? 0
    largestCandidates = values["largest_candidates"].flatMap { Int($0) } ?? largestCandidates
    largestIslandPairs = values["largest_island_pairs"].flatMap { Int($0) } ?? largestIslandPairs
    method = values["method"].flatMap(Method.init) ?? method
    if method == .mixture {
      frame = values["frame"].flatMap(Frame.init) ?? .asGiven
      unknownMotions = values["unknown_motions"].flatMap(Motions.init) ?? .ignored
      psfOfA = values["psf_a"].map(PSFSetting.init) ?? .none
      psfOfB = values["psf_b"].map(PSFSetting.init) ?? .none
      extinction = ExtinctionSetting(recorded: values)
      countsOfA = values["counts_a"].map { .recorded(digest: $0) }
      countsOfB = values["counts_b"].map { .recorded(digest: $0) }
    }
    corrections =
      values["corrections"] == "none"
      ? .none
      : .runs(a: values["corrections_a"].flatMap { Int64($0) }, b: values["corrections_b"].flatMap { Int64($0) })
    if method == .survivors { survivors = SurvivorOptions(recorded: values) }
    if yaml != text {
      throw StoreError(
        .damaged, "run \(run)", "was recorded with a configuration that this program does not read; match again")
    }
  }
}

extension MatchConfiguration {
  /// What the lines of a recorded configuration say, by key.
  static func values(recorded text: String) -> [Substring: String] {
    var values: [Substring: String] = [:]
    for line in text.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      values[line[..<colon]] = String(line[line.index(after: colon)...].trimmingPrefix { $0 == " " })
    }
    return values
  }
}

extension MatchConfiguration.Epoch {
  /// As it is recorded.
  var text: String {
    switch self {
    case .automatic: "auto"
    case .asGiven: "none"
    case .year(let year): "\(year)"
    }
  }

  /// What was recorded; automatic where nothing was.
  init(recorded text: String?) {
    self = text == "none" ? .asGiven : text.flatMap { Double($0) }.map { .year($0) } ?? .automatic
  }
}

extension SurvivorOptions {
  /// What is absent or unknown keeps its default.
  fileprivate init(recorded values: [Substring: String]) {
    self.init()
    estimator = values["estimator"].flatMap(Estimator.init) ?? estimator
    columns = values["columns"].flatMap(Columns.init) ?? columns
    direction = values["direction"].flatMap(Direction.init) ?? direction
    fieldBand = values["field_band"].flatMap(FieldBand.init) ?? fieldBand
    bins = values["bins"].flatMap(Bins.init) ?? bins
  }
}
