namespace Dayu.Inference;

/// <summary>The model's chat template refuses a conversation that it takes without its system message.</summary>
/// <param name="reason">The template's own words.</param>
public sealed class SystemRoleException(string reason)
    : ArgumentException($"this model's chat template takes no system message (it says: {reason}); "
        + "leave it out, or put its text before the first message")
{
    /// <summary>The template's own words.</summary>
    public string Reason => reason;
}
