namespace Dayu.Templates;

/// <summary>A tag that is understood and cannot work; an error only where it is reached, as in Jinja.</summary>
sealed class Refused(Mark at, string why) : Statement(at)
{
    protected override Flow Do(Run run, Scope scope) => throw new TemplateException(why);
}
