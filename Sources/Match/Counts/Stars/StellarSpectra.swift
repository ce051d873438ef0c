import Glibc

/// The magnitudes of stars in any band from those in the tabulated ones.
///
/// A band that is a column takes that column. Others are interpolated, in AB and linear in ln λ, between the columns
/// that are narrow enough; beyond U and W4 they take the nearest. Against the g − r that the table of dwarfs has itself
/// this gives 0.016 mag rms (M_V > 1), against i − z 0.15 mag or better down to M5; later types have steeper spectra.
struct StellarSpectra: Sendable {
  /// The magnitudes of the rows of `DwarfData`, in the survey's system.
  private let dwarfs: [Double]
  /// Likewise of `GiantData`, for M_Ks = 0.
  private let giants: [Double]

  /// λ, µm, and AB minus Vega, mag, of the columns (Blanton & Roweis 2007, AJ 133, 734; Jarrett et al. 2011, ApJ 735,
  /// 112; Riello et al. 2021, A&A 649, A3).
  private static let columns: [(wavelengthMicron: Double, abOffset: Double)] = [
    (0.366, 0.79), (0.438, -0.09), (0.545, 0.02), (0.641, 0.21), (0.798, 0.45), (1.241, 0.91), (1.651, 1.39),
    (2.166, 1.85), (3.40, 2.699), (4.65, 3.339), (12.08, 5.174), (22.19, 6.620), (0.622, 0.1136), (0.511, 0.0155),
    (0.777, 0.3561),
  ]
  /// How many columns, from the first on, are interpolated between.
  private static let narrowColumns = 12

  /// For one band.
  init(band: CountBand) {
    dwarfs = DwarfData.magnitudes.map { Self.magnitude($0, band) }
    giants = GiantData.magnitudes.map { Self.magnitude($0, band) }
  }

  private static func magnitude(_ row: [Double], _ band: CountBand) -> Double {
    if let column = band.stellarColumn, let index = StellarColumn.allCases.firstIndex(of: column), index < row.count {
      return row[index] + columns[index].abOffset - band.abOffset
    }
    let x = log(band.wavelengthMicron)
    let far = (1..<narrowColumns - 1).first { log(columns[$0].wavelengthMicron) >= x } ?? narrowColumns - 1
    let (a, b) = (columns[far - 1], columns[far])
    let width = log(b.wavelengthMicron / a.wavelengthMicron)
    let share = min(1, max(0, (x - log(a.wavelengthMicron)) / width))
    return (row[far - 1] + a.abOffset) * (1 - share) + (row[far] + b.abOffset) * share - band.abOffset
  }

  /// The absolute magnitude of a type.
  func magnitude(of type: StellarType) -> Double {
    switch type.look {
    case .dwarf(let visual): type.shift + Self.interpolated(dwarfs, Self.dwarfVisual, at: visual)
    case .giant(let colour): type.shift + Self.interpolated(giants, Self.giantColours, at: colour)
    }
  }

  /// V − Ks of a dwarf of given M_V.
  static func dwarfColour(visualMagnitude: Double) -> Double {
    interpolated(DwarfData.magnitudes.map { $0[visualColumn] - $0[infraredColumn] }, dwarfVisual, at: visualMagnitude)
  }

  private static let visualColumn = 2
  private static let infraredColumn = 7
  private static let dwarfVisual = DwarfData.magnitudes.map { $0[visualColumn] }
  private static let giantColours = GiantData.magnitudes.map { $0[visualColumn] - $0[infraredColumn] }

  /// Linear between increasing places, along the first or last pair beyond them.
  private static func interpolated(_ values: [Double], _ places: [Double], at place: Double) -> Double {
    let far = min(places.count - 1, max(1, places.firstIndex { $0 >= place } ?? places.count - 1))
    let (a, b) = (places[far - 1], places[far])
    let share = b > a ? (place - a) / (b - a) : 0
    return values[far - 1] + (values[far] - values[far - 1]) * min(1.5, max(-0.5, share))
  }
}
