/// What a user gives of the sky in place of built-in models, as a database keeps it: under a digest of its contents, so that a run that names
/// the digest can be planned again when the file is gone.
public struct SkyTable: Sendable {
  /// What it holds.
  public enum Kind: String, Sendable, CaseIterable {
    /// Stars by magnitude and sightline.
    case counts
    /// Extinction by sightline.
    case extinction
  }

  /// What it holds.
  public let kind: Kind
  /// The file or folder that it was read from.
  public let origin: String
  /// In the form of what it holds.
  public let payload: [UInt8]
  /// A digest of kind and payload.
  public let digest: String

  /// No larger one is kept.
  public static let largestPayload = 64_000_000

  /// - Throws: `StoreError.usage` for one that is too large to keep.
  public init(_ kind: Kind, origin: String, payload: [UInt8]) throws {
    guard payload.count <= Self.largestPayload else {
      throw StoreError(
        .usage, origin, "holds more than a database keeps: \(payload.count) bytes; allowed: \(Self.largestPayload)")
    }
    (self.kind, self.origin, self.payload) = (kind, origin, payload)
    digest = Self.digest(kind, payload)
  }

  /// Of digest and origin.
  var checksum: String { Fingerprint(of: "\(digest)\n\(origin)").description }

  /// The tables that the configuration of a run names.
  static func named(in configuration: String) -> [(kind: Kind, digest: String)] {
    configuration.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, let kind = Kind.allCases.first(where: { parts[0].hasPrefix($0.rawValue) }) else {
        return nil
      }
      let digest = parts[1].drop { $0 == " " }
      return digest.utf8.count == 32 && digest.allSatisfy(\.isHexDigit) ? (kind, String(digest)) : nil
    }
  }

  private static func digest(_ kind: Kind, _ payload: [UInt8]) -> String {
    var hasher = Fingerprint.Hasher()
    hasher.update("sky table \(kind.rawValue)\n")
    payload.withUnsafeBytes { hasher.update($0) }
    return hasher.finish().description
  }
}
