import Glibc

/// The text format of TRILEGAL (Girardi et al. 2005, A&A 436, 895): star lists.
///
///     #area = 10.0 sq deg              may be absent: then given
///     #Av at infinity = 1              likewise
///     #Gc logAge [M/H] … Av … J H Ks … Mact
///      1   9.26  -0.11 …
///     #TRILEGAL normally terminated
public enum TrilegalText {
  /// A list may hold at most so many numbers that are kept: 256 MB.
  public static let largestNumbers = 1 << 26
  /// A line may have at most so many columns.
  public static let largestColumns = 1024
  /// A number may have at most so many characters.
  static let longestNumber = 63

  /// Reads a list.
  ///
  /// - Parameters:
  ///   - bytes: the whole text.
  ///   - bands: the columns of magnitudes that are wanted, by name; nil: all between `mbol` and `Mact`.
  ///   - areaDeg2: if the text does not say; what it says goes first.
  ///   - extinctionAV: likewise.
  /// - Throws: `CountsError` that names the line: no header, a wanted column or `Av` missing, a row of other length, a
  ///   text that is no
  ///   finite number, more than `largestNumbers`.
  /// - Complexity: O(bytes); memory 4 bytes a star for each wanted band and A_V.
  public static func parse(
    _ bytes: [UInt8], bands: [String]? = nil, areaDeg2: Double? = nil, extinctionAV: Double? = nil
  ) throws -> StarList {
    var reader = TrilegalReader(wanted: bands)
    try bytes.withUnsafeBufferPointer { try reader.read($0) }
    return try list(reader, areaDeg2: areaDeg2, extinctionAV: extinctionAV)
  }

  private static func list(_ reader: TrilegalReader, areaDeg2: Double?, extinctionAV: Double?) throws -> StarList {
    guard let area = reader.areaDeg2 ?? areaDeg2 else {
      throw CountsError("the star list has no line '#area = … sq deg'; add it or give the area")
    }
    guard let infinity = reader.extinctionAV ?? extinctionAV else {
      throw CountsError("the star list has no line '#Av at infinity = …'; add it or give A_V")
    }
    guard let columns = reader.columns else {
      throw CountsError("the star list has no line '#… Av …' that names its columns")
    }
    return try StarList(
      areaDeg2: area, extinctionAV: infinity, bands: columns.bands, magnitudes: reader.magnitudes,
      starAV: reader.starAV, endsNormally: reader.endsNormally)
  }

  /// Reads a list part by part.
  public struct Reader {
    private var reader: TrilegalReader
    /// The beginning of a line that goes on in the next part.
    private var rest: [UInt8] = []

    /// - Parameter bands: The columns of magnitudes that are wanted, by name.
    public init(bands: [String]) { reader = TrilegalReader(wanted: bands) }

    /// Takes the next part of the text.
    /// - Throws: `CountsError` as `parse`.
    public mutating func read(_ part: some Collection<UInt8>) throws {
      rest.append(contentsOf: part)
      guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else {
        if rest.count > TrilegalText.longestLine {
          throw CountsError("a line of the star list is longer than \(TrilegalText.longestLine) bytes")
        }
        return
      }
      try rest.withUnsafeBufferPointer { try reader.read(UnsafeBufferPointer(rebasing: $0[...end])) }
      rest.removeSubrange(...end)
    }

    /// The list, after all parts.
    /// - Throws: `CountsError` as `parse`.
    public mutating func list() throws -> StarList {
      try rest.withUnsafeBufferPointer { try reader.read($0) }
      rest = []
      return try TrilegalText.list(reader, areaDeg2: nil, extinctionAV: nil)
    }
  }

  /// A line is no longer.
  static let longestLine = 1 << 20

  /// The columns of magnitudes that the beginning of a text names; nil if it is no list.
  public static func bands(ofHead bytes: [UInt8]) -> [String]? {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: mostHeadLines, omittingEmptySubsequences: true)
    for line in lines.prefix(mostHeadLines) {
      guard line.first == UInt8(ascii: "#") else { return nil }
      let words = String(decoding: line.dropFirst(), as: UTF8.self).split { $0 == " " || $0 == "\t" || $0 == "\r" }
      if words.contains("Av"), words.first != "Av" {
        return TrilegalReader.magnitudeColumns(words.map(String.init))
      }
    }
    return nil
  }

  private static let mostHeadLines = 64

  /// Likewise from a text.
  public static func parse(
    _ text: String, bands: [String]? = nil, areaDeg2: Double? = nil, extinctionAV: Double? = nil
  ) throws -> StarList {
    try parse(Array(text.utf8), bands: bands, areaDeg2: areaDeg2, extinctionAV: extinctionAV)
  }
}
