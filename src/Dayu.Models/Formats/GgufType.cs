namespace Dayu.Models;

/// <summary>What a metadata value of a GGUF file is; the numbers are those of the file format.</summary>
public enum GgufType
{
    /// <summary>Unsigned, 1 byte.</summary>
    U8,

    /// <summary>Signed, 1 byte.</summary>
    I8,

    /// <summary>Unsigned, 2 bytes.</summary>
    U16,

    /// <summary>Signed, 2 bytes.</summary>
    I16,

    /// <summary>Unsigned, 4 bytes: what counts and sizes usually are.</summary>
    U32,

    /// <summary>Signed, 4 bytes.</summary>
    I32,

    /// <summary>IEEE single.</summary>
    F32,

    /// <summary>1 byte, 0 or 1.</summary>
    Bool,

    /// <summary>Length (8 bytes), then UTF-8.</summary>
    Text,

    /// <summary>Type of the items (4 bytes), how many (8 bytes), then the items.</summary>
    Array,

    /// <summary>Unsigned, 8 bytes.</summary>
    U64,

    /// <summary>Signed, 8 bytes.</summary>
    I64,

    /// <summary>IEEE double.</summary>
    F64,
}
