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

  private static func digest(_ kind: Kind, _ payload: [UInt8]) -> String {
    var hasher = Fingerprint.Hasher()
    hasher.update("sky table \(kind.rawValue)\n")
    payload.withUnsafeBytes { hasher.update($0) }
    return hasher.finish().description
  }
}
