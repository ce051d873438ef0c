import Glibc

/// The median K-corrections of blue and red galaxies in one band as functions of redshift, AB mag.
struct KCorrectionTable: Sendable {
  /// At `redshifts`.
  let blue: [Double]
  /// At `redshifts`.
  let red: [Double]

  /// 0 to 1 in steps of 0.05, then to 6 in steps of 0.1.
  static let redshifts: [Double] = (0...70).map { i -> Double in
    let place = Double(i)
    return i <= 20 ? place * 0.05 : place * 0.1 - 1
  }

  /// Of the filter with the band's name, or between the two filters nearest in wavelength, linear in ln λ.
  ///
  /// - Throws: `CountsError` if the band names a filter that is not in the table.
  init(band: CountBand) throws {
    let rows = KCorrectionData.rows
    if let name = band.galaxyFilter {
      guard let row = rows.first(where: { $0.filter == name }) else {
        let known = rows.map(\.filter).sorted().joined(separator: ", ")
        throw CountsError("band \(band.name) names the galaxy filter '\(name)'; known: \(known)")
      }
      self.init(row, row, share: 0)
      return
    }
    let wavelength = band.wavelengthMicron * 1e4
    let above = rows.firstIndex { $0.wavelengthAngstrom >= wavelength } ?? rows.count - 1
    let below = max(0, above - 1)
    let (near, far) = (rows[below], rows[above])
    let width = log(far.wavelengthAngstrom / near.wavelengthAngstrom)
    let share = width > 0 ? min(1, max(0, log(wavelength / near.wavelengthAngstrom) / width)) : 0
    self.init(near, far, share: share)
  }

  private init(_ near: KCorrectionData.Row, _ far: KCorrectionData.Row, share: Double) {
    func mixed(_ a: [Int32], _ b: [Int32]) -> [Double] {
      zip(a, b).map { (Double($0) * (1 - share) + Double($1) * share) * 1e-4 }
    }
    blue = mixed(near.blue, far.blue)
    red = mixed(near.red, far.red)
  }

  /// Linear between the redshifts of the table, constant beyond 6.
  static func value(_ table: [Double], redshift z: Double) -> Double {
    let place = z <= 1 ? z / 0.05 : 20 + (z - 1) / 0.1
    guard place > 0, let last = table.last else { return table.first ?? 0 }
    guard place < Double(table.count - 1) else { return last }
    let below = Int(place)
    let share = place - Double(below)
    return table[below] * (1 - share) + table[below + 1] * share
  }
}
