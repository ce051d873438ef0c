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
  /// Whether the frames of the catalogues are aligned first, as a match does.
  public var frame = MatchConfiguration.Frame.measured

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
    var match = MatchConfiguration()
    match.epoch = epoch
    try match.validate()
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

    """
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
    frame = values["frame"].flatMap(MatchConfiguration.Frame.init) ?? frame
    if yaml != text {
      throw StoreError(
        .damaged, "run \(run)", "was recorded with a configuration that this program does not read; correct again")
    }
  }
}
