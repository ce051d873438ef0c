internal import CatalogStore
internal import Match
public import Survivors

/// Everything that shapes the answer of a match, besides the catalogues. Threads, units and order of work do not belong
/// here: the answer does not depend on them.
public struct MatchConfiguration: Sendable, Equatable {
  /// To which epoch positions are moved before they are compared.
  public enum Epoch: Sendable, Equatable {
    /// To the epoch of the catalogue whose positions cannot be moved, else the later one; as given when an epoch is unknown.
    case automatic
    /// Nowhere: positions are compared as given.
    case asGiven
    /// To a Julian year.
    case year(Double)
  }

  /// Where the densities of counterparts and of sources without come from.
  public enum Priors: String, Sendable, CaseIterable {
    /// From the separations of all candidate pairs of a region.
    case measured
    /// From counts alone: half the smaller density is taken to be counterparts.
    case counts
  }

  /// How densities are measured.
  public enum Method: String, Sendable, CaseIterable {
    /// From how all candidate pairs of a wide search are distributed, as a mixture of counterparts and chance pairs.
    case mixture
    /// From sources without a partner inside circles, as in the report: for comparison.
    case survivors
  }

  /// What is done about the frames of the two catalogues.
  public enum Frame: String, Sendable, CaseIterable {
    /// The rotation between them is measured from candidate pairs, and undone where it is certain.
    case measured
    /// Positions are compared as they are given.
    case asGiven = "as_given"
  }

  /// What is done about sources whose motion is not known, where the epochs of the catalogues differ.
  public enum Motions: String, Sendable, CaseIterable {
    /// Their pairs are widened by the motions that stars of their magnitude have.
    case modelled
    /// They are taken to be where they were.
    case ignored
  }

  /// Which corrections of quoted errors are applied.
  public enum Corrections: Sendable, Equatable {
    /// Those that the catalogues have.
    case stored
    /// None: errors are as they are quoted.
    case none
    /// Those of these runs, where a catalogue has some: what a plan makes of `stored`.
    case runs(a: Int64?, b: Int64?)
  }

  /// How densities are measured.
  public var method = Method.mixture
  /// Which corrections of quoted errors are applied.
  public var corrections = Corrections.stored
  /// What is done about the frames; only `Method.mixture` looks at it.
  public var frame = Frame.measured
  /// What is done about motions that are not known; only `Method.mixture` looks at it.
  public var unknownMotions = Motions.modelled
  /// The PSF of a, in which hidden neighbours lie; only `Method.mixture` looks at it.
  public var psfOfA = PSFSetting.automatic
  /// That of b.
  public var psfOfB = PSFSetting.automatic
  /// What dims the stars and galaxies among which hidden neighbours are counted.
  public var extinction = ExtinctionSetting.model
  /// Stars in place of the model of the Galaxy, among which hidden neighbours of a are counted; nil: the model.
  public var countsOfA: SkyTableSetting?
  /// Likewise of b.
  public var countsOfB: SkyTableSetting?
  /// The variant of `Method.survivors`; nothing else looks at it.
  public var survivors = SurvivorOptions()
  /// Whether magnitudes take part: the likelihoods c and f.
  public var photometry = true
  /// Where the priors come from, whether or not magnitudes take part.
  public var priors = Priors.measured
  /// Every region in which densities are measured holds at least so many sources of either catalogue, where there are.
  public var sourcesPerRegion = 25_000
  /// The epoch of the match.
  public var epoch = Epoch.automatic
  /// F_max: a pair is a candidate while the probability that a true counterpart lies closer is below this. Below 1.
  public var candidateFraction = 0.9999
  /// No candidates are sought beyond this separation, arcsec, however large the quoted errors are.
  public var largestSeparationArcsec = 60.0

  /// Candidate pairs that cannot reach this probability, whatever island they are in, take no part in the pairing: R/(1 + R) is
  /// below it, with and without magnitudes. 0: all take part.
  public var negligibleProbability = 0.0001
  /// A source with more candidates than this is not paired: it becomes a non-match without probabilities, flagged `crowded`.
  public var largestCandidates = 1000
  /// An island with more candidate pairs than this is not paired: its sources likewise.
  public var largestIslandPairs = 1_000_000

  /// An island that reaches farther than this, arcsec, is not paired either: a hundred of the largest separations.
  var largestIslandArcsec: Double { 100 * largestSeparationArcsec }

  /// Which neighbours are candidates.
  var candidateLimits: CandidateLimits {
    CandidateLimits(
      fraction: candidateFraction, largestSeparationArcsec: largestSeparationArcsec,
      largestCandidates: largestCandidates)
  }

  /// The defaults.
  public init() {}

  /// Whether anything has to be measured from pairs before they can be judged.
  var needsMeasurement: Bool { photometry || priors == .measured }

  /// Checks the ranges.
  /// - Throws: `StoreError.usage` that names the setting, what was given and what is allowed.
  public func validate() throws {
    func refuse(_ name: String, _ value: Double, _ allowed: String) -> StoreError {
      StoreError(.usage, name, "is \(value); allowed: \(allowed)")
    }
    guard candidateFraction > 0, candidateFraction < 1 else {
      throw refuse("candidate_fraction", candidateFraction, "more than 0 and less than 1, for example 0.9999")
    }
    guard largestSeparationArcsec > 0, largestSeparationArcsec <= 3600 else {
      throw refuse("largest_separation_arcsec", largestSeparationArcsec, "more than 0, up to 3600")
    }
    guard negligibleProbability >= 0, negligibleProbability <= Self.mostNegligible else {
      throw refuse("negligible_probability", negligibleProbability, "0 to \(Self.mostNegligible), for example 0.0001")
    }
    guard sourcesPerRegion >= 1000 else {
      throw refuse("region_sources", Double(sourcesPerRegion), "1000 or more")
    }
    guard (1...Self.mostCandidates).contains(largestCandidates) else {
      throw refuse("largest_candidates", Double(largestCandidates), "1 to \(Self.mostCandidates)")
    }
    guard (1...Self.mostIslandPairs).contains(largestIslandPairs) else {
      throw refuse("largest_island_pairs", Double(largestIslandPairs), "1 to \(Self.mostIslandPairs)")
    }
    try extinction.validate()
    for (setting, psf, name) in [(countsOfA, psfOfA, "a"), (countsOfB, psfOfB, "b")] where setting != nil {
      guard method == .mixture, psf != .none else {
        throw StoreError(
          .usage, "counts_\(name)",
          "are given, but hidden neighbours of that catalogue are left out; leave out one of both")
      }
    }
    guard method == .survivors || survivors == SurvivorOptions() else {
      throw StoreError(
        .usage, "method",
        "is \(method.rawValue), but settings of survivors were given; say `method: survivors` or leave them out")
    }
    if case .year(let year) = epoch, !(year >= 1500 && year <= 2500) {
      throw refuse("epoch", year, "a Julian year between 1500 and 2500, `auto`, or `none`")
    }
  }

  private static let mostNegligible = 0.01
  private static let mostCandidates = 1_000_000
  private static let mostIslandPairs = 1_000_000_000

  /// The configuration as YAML, with fixed order and spelling: it is recorded with the run and fingerprinted.
  public var yaml: String {
    """
    photometry: \(photometry)
    priors: \(priors.rawValue)
    region_sources: \(sourcesPerRegion)
    epoch: \(epoch.text)
    candidate_fraction: \(candidateFraction)
    largest_separation_arcsec: \(largestSeparationArcsec)

    """ + negligibleText + limitsText + methodText + correctionsText
  }

  /// Nothing for 0: earlier runs, in which all pairs took part, recorded nothing.
  private var negligibleText: String {
    negligibleProbability == 0 ? "" : "negligible_probability: \(negligibleProbability)\n"
  }

  /// Nothing for the defaults.
  private var limitsText: String {
    let usual = MatchConfiguration()
    var text = ""
    if largestCandidates != usual.largestCandidates { text += "largest_candidates: \(largestCandidates)\n" }
    if largestIslandPairs != usual.largestIslandPairs { text += "largest_island_pairs: \(largestIslandPairs)\n" }
    return text
  }

  /// Nothing where there are none, so that what was recorded before there were any stays the same.
  private var correctionsText: String {
    switch corrections {
    case .stored: ""
    case .none: "corrections: none\n"
    case .runs(let a, let b):
      (a.map { "corrections_a: \($0)\n" } ?? "") + (b.map { "corrections_b: \($0)\n" } ?? "")
    }
  }

  /// Nothing for frames as they are given, so that what was recorded before there was a choice stays the same.
  private var methodText: String {
    if method == .mixture {
      return "method: \(method.rawValue)\n" + (frame == .asGiven ? "" : "frame: \(frame.rawValue)\n")
        + (unknownMotions == .ignored ? "" : "unknown_motions: \(unknownMotions.rawValue)\n")
        + (psfOfA == .none ? "" : "psf_a: \(psfOfA.text)\n") + (psfOfB == .none ? "" : "psf_b: \(psfOfB.text)\n")
        + extinction.lines + (countsOfA.map { $0.line("counts_a") } ?? "")
        + (countsOfB.map { $0.line("counts_b") } ?? "")
    }
    return """
      method: \(method.rawValue)
      estimator: \(survivors.estimator.rawValue)
      columns: \(survivors.columns.rawValue)
      direction: \(survivors.direction.rawValue)
      field_band: \(survivors.fieldBand.rawValue)
      bins: \(survivors.bins.rawValue)

      """
  }
}
