using ZstdSharp;

namespace Dayu.Training;

/// <summary>What a packed file holds. Whatever its reader says of damage becomes one error that names the file.</summary>
/// <param name="unpacked">Read to its end; disposed of with this.</param>
/// <param name="path">The file, for messages.</param>
sealed class UnpackedStream(Stream unpacked, string path) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        try { return unpacked.Read(buffer); }
        catch (Exception e) when (e is ZstdException or EndOfStreamException or InvalidDataException)
        {
            throw new InvalidDataException(
                $"{path} is no {Path.GetExtension(path)} file, or is damaged or cut off ({e.Message.TrimEnd('.')}); get it again", e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) unpacked.Dispose();
        base.Dispose(disposing);
    }
}
