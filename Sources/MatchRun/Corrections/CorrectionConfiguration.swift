internal import CatalogStore
public import Match

/// Everything that shapes the corrections of a catalogue's errors, besides the catalogues.
public struct CorrectionConfiguration: Sendable, Equatable {
  /// How m and n are fitted.
  public enum Fit: String, Sendable, CaseIterable {
    /// To every pair.
    case unbinned
    /// To separations counted in slices of the quoted error: for comparison.
    case binned
  }

  /// How true errors follow from quoted ones.
  public var relation = ErrorRelation.quadratic
  /// How m and n are fitted.
  public var fit = Fit.unbinned
  /// The order of the pixels that sightlines are; nil: as fine as the counts allow.
  public var order: Int?
  /// At which epoch positions are compared.
  public var epoch = MatchConfiguration.Epoch.automatic
  /// The PSF of the catalogue, in which hidden neighbours lie.
  public var psf = PSFSetting.automatic
  /// Stars in place of the model of the Galaxy, among which hidden neighbours are counted; nil: the model.
  public var counts: SkyTableSetting?
  /// What dims the stars and galaxies among which they are counted.
  public var extinction = ExtinctionSetting.model
  /// Whether the frames of the catalogues are aligned first, as a match does.
  public var frame = MatchConfiguration.Frame.measured

  /// Whether sources of unknown motion may have moved as stars of the Galaxy do.
  public var unknownMotions = MatchConfiguration.Motions.modelled
  /// A column of the catalogue on which m and n may depend; nil: on none.
  public var covariate: String?
  /// Borders between its ranges; none: as its values ask for.
  public var borders: [Double] = []
  /// What the errors of the better catalogue are.
  public var reference = ReferenceErrors.stored

  /// What the errors of the better catalogue are.
  public enum ReferenceErrors: Sendable, Equatable {
    /// As its own corrections say, if it has some.
    case stored
    /// As it quotes them.
    case quoted
    /// σ² = (m σ_quoted)² + n², n in arcsec.
    case corrected(factor: Double, floorArcsec: Double)
  }

  /// Orders that sightlines may have; the finest are 52″ across.
  public static let orders = 0...12

  /// The defaults.
  public init() {}

  /// Checks the ranges.
  /// - Throws: `StoreError.usage` that names the setting, what was given and what is allowed.
  public func validate() throws {
    if let order, !Self.orders.contains(order) {
      throw StoreError(
        .usage, "order", "is \(order); allowed: \(Self.orders.lowerBound) to \(Self.orders.upperBound), for example 5")
    }
    try checkCovariate()
    if case .corrected(let m, let n) = reference, ErrorCorrection(checked: .quadratic, factor: m, floorArcsec: n) == nil
    {
      throw StoreError(
        .usage, "errors of the reference",
        "are m \(m) and n \(n); allowed: two numbers of 0 or more, for example 1.3,0.002")
    }
    var match = MatchConfiguration()
    match.epoch = epoch
    (match.psfOfB, match.countsOfB, match.extinction) = (psf, counts, extinction)
    try match.validate()
  }

  private func checkCovariate() throws {
    guard let covariate else {
      if borders.isEmpty { return }
      throw StoreError(.usage, "--ranges", "says where ranges end, but not of what; name a column with --by")
    }
    if fit == .binned {
      throw StoreError(.usage, "--by", "is '\(covariate)', and --binned has no ranges; leave one of both out")
    }
    if covariate.contains("\n") {
      throw StoreError(.usage, "--by", "has a line break in it; name a column of the catalogue")
    }
  }

  /// The configuration as YAML, with fixed order and spelling: it is recorded with the run and fingerprinted.
  public var yaml: String {
    """
    relation: \(Self.name(relation))
    fit: \(fit.rawValue)
    order: \(order.map(String.init) ?? "auto")
    epoch: \(epoch.text)
    psf: \(psf.text)
    frame: \(frame.rawValue)

    """ + extinction.lines + (counts.map { $0.line("counts") } ?? "") + motionsText + covariateText + referenceText
  }

  /// Nothing without a covariate, as programs recorded it that knew of none.
  private var covariateText: String {
    guard let covariate else { return "" }
    return "by: \(covariate)\n"
      + (borders.isEmpty ? "" : "ranges: \(borders.map { "\($0)" }.joined(separator: ","))\n")
  }

  private var motionsText: String {
    unknownMotions == .ignored ? "" : "unknown_motions: \(unknownMotions.rawValue)\n"
  }

  private var referenceText: String {
    switch reference {
    case .stored: ""
    case .quoted: "reference_errors: quoted\n"
    case .corrected(let m, let n): "reference_errors: \(m),\(n)\n"
    }
  }

  static func name(_ relation: ErrorRelation) -> String { relation == .quadratic ? "quadratic" : "linear" }

  /// The configuration that a run recorded, in the form of `yaml`.
  /// - Throws: `StoreError.damaged` for a text of another form.
  init(recorded text: String, run: Int64) throws {
    let values = MatchConfiguration.values(recorded: text)
    relation = values["relation"] == "linear" ? .linear : .quadratic
    fit = values["fit"].flatMap(Fit.init) ?? fit
    order = values["order"].flatMap { Int($0) }
    epoch = MatchConfiguration.Epoch(recorded: values["epoch"])
    psf = values["psf"].map(PSFSetting.init) ?? psf
    extinction = ExtinctionSetting(recorded: values)
    counts = values["counts"].map { .recorded(digest: $0) }
    frame = values["frame"].flatMap(MatchConfiguration.Frame.init) ?? frame
    unknownMotions = values["unknown_motions"].flatMap(MatchConfiguration.Motions.init) ?? .ignored
    covariate = values["by"]
    borders = Self.numbers(values["ranges"])
    if values["reference_errors"] == "quoted" { reference = .quoted }
    let given = Self.numbers(values["reference_errors"])
    if given.count == 2 { reference = .corrected(factor: given[0], floorArcsec: given[1]) }
    if yaml != text {
      throw StoreError(
        .damaged, "run \(run)", "was recorded with a configuration that this program does not read; correct again")
    }
  }

  private static func numbers(_ text: String?) -> [Double] {
    (text ?? "").split(separator: ",").compactMap { Double($0) }
  }
}
