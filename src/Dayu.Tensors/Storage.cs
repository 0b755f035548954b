namespace Dayu.Tensors;

/// <summary>The memory behind a tensor and every view of it, and how often it was written to.</summary>
sealed class Storage
{
    /// <summary>Where it starts on its device; 0: the arena took it back.</summary>
    public nint Address { get; private set; }

    /// <summary>Its size in bytes; 0 where the memory belongs to someone else (a mapped file).</summary>
    public long Capacity { get; private set; }

    /// <summary>Rises with each write. Never falls, also when the object serves for other memory.</summary>
    public long Version { get; private set; }

    /// <summary>Takes other memory.</summary>
    public void Become(nint address, long capacity) => (Address, Capacity, Version) = (address, capacity, Version + 1);

    /// <summary>Where it starts, for someone who is about to write.</summary>
    public nint Written()
    {
        Version++;
        return Address;
    }
}
