internal import CArrow

/// The library that reads Parquet.
public enum ArrowLibrary {
  /// Its version, for example `26.0.1`.
  public static var version: String { String(cString: xarrow_version()) }
}
