/// A band of a survey as the counts see it.
public struct CountBand: Sendable, Hashable {
  /// Its name in messages.
  public let name: String
  /// The effective wavelength, µm.
  public let wavelengthMicron: Double
  /// AB minus the survey's own magnitude, mag: 0 for surveys in AB, 2.699 for W1 in Vega magnitudes.
  public let abOffset: Double
  /// A_λ / A_V.
  public let extinctionRatio: Double
  /// The column of stellar magnitudes that is this band itself; nil: interpolated in wavelength.
  public let stellarColumn: StellarColumn?
  /// The filter of the K-corrections that is this band itself; nil: interpolated in wavelength.
  public let galaxyFilter: String?

  /// Wavelengths that are allowed, µm. The tables of galaxies span 0.15 to 22 µm, those of stars 0.37 to 22 µm; beyond,
  /// the nearest holds.
  public static let wavelengths = 0.10...30.0
  /// AB offsets that are believed, mag.
  public static let abOffsets = -10.0...15.0
  /// A_λ / A_V that is believed.
  public static let extinctionRatios = 0.0...5.0

  /// - Throws: `CountsError` if a number lies outside what is allowed, or no such filter is known.
  public init(
    name: String, wavelengthMicron: Double, abOffset: Double, extinctionRatio: Double,
    stellarColumn: StellarColumn? = nil, galaxyFilter: String? = nil
  ) throws {
    self.name = name
    self.wavelengthMicron = try CountsError.checked(
      wavelengthMicron, "the wavelength of band \(name)", unit: "µm", in: Self.wavelengths)
    self.abOffset = try CountsError.checked(abOffset, "the AB offset of band \(name)", unit: "mag", in: Self.abOffsets)
    self.extinctionRatio = try CountsError.checked(
      extinctionRatio, "A_λ/A_V of band \(name)", unit: "", in: Self.extinctionRatios)
    self.stellarColumn = stellarColumn
    self.galaxyFilter = galaxyFilter
  }
}

/// The bands in which the magnitudes of stars are tabulated. All but Gaia's are narrow enough to interpolate between.
public enum StellarColumn: String, Sendable, Hashable, CaseIterable {
  /// Johnson U.
  case u = "U"
  /// Johnson B.
  case b = "B"
  /// Johnson V.
  case v = "V"
  /// Cousins R.
  case r = "Rc"
  /// Cousins I.
  case i = "Ic"
  /// 2MASS J.
  case j = "J"
  /// 2MASS H.
  case h = "H"
  /// 2MASS Ks.
  case ks = "Ks"
  /// WISE W1.
  case w1 = "W1"
  /// WISE W2.
  case w2 = "W2"
  /// WISE W3.
  case w3 = "W3"
  /// WISE W4.
  case w4 = "W4"
  /// Gaia G.
  case g = "G"
  /// Gaia BP.
  case bp = "BP"
  /// Gaia RP.
  case rp = "RP"
}
