using System.Runtime.InteropServices;

namespace Dayu.Text;

/// <summary>Bytes → id, asked with a span, so that a look-up allocates nothing.</summary>
sealed class PieceTable
{
    sealed class Bytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public byte[] Create(ReadOnlySpan<byte> bytes) => bytes.ToArray();
        public bool Equals(ReadOnlySpan<byte> a, byte[] b) => a.SequenceEqual(b);
        public bool Equals(byte[]? a, byte[]? b) => a.AsSpan().SequenceEqual(b);
        public int GetHashCode(byte[] bytes) => GetHashCode(bytes.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> bytes)
        {
            var hash = new HashCode();       // seeded anew in each process: a file cannot be made to collide
            hash.AddBytes(bytes);
            return hash.ToHashCode();
        }
    }

    readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> table = new Dictionary<byte[], int>(new Bytes()).GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>The first id of two with the same bytes stays.</summary>
    public bool TryAdd(ReadOnlySpan<byte> bytes, int id) => table.TryAdd(bytes, id);

    public bool TryGet(ReadOnlySpan<byte> bytes, out int id) => table.TryGetValue(bytes, out id);
}
