using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Stubble.Core.Classes;
using Stubble.Core.Contexts;
using Stubble.Core.Exceptions;
using Stubble.Core.Parser;
using Stubble.Core.Renderers.StringRenderer;
using Stubble.Core.Settings;
using Stubble.Core.Tokens;

namespace Footbridge.Server.Apps.Chatwoot.Wording;

/// <summary>Renders Mustache templates by the published specification: values, sections, inverted sections, comments, delimiters.</summary>
/// <remarks>No partials and no lambdas. What is falsy, and that a property without a value hides one of the same name further out, is as in
/// JavaScript, where the templates that operators bring along were written. Nothing in a value is ever taken for a template.</remarks>
internal sealed class Mustache
{
    private const int MaxKept = 10_000;

    private readonly ConcurrentDictionary<string, MustacheTemplate> _parsed = new(StringComparer.Ordinal);

    private readonly RendererSettings _settings = new RendererSettingsBuilder()
        .AddValueGetter(typeof(object), (_, _, _) => null!)
        .AddTruthyCheck<string>(text => text.Length > 0)
        .AddValueGetter(typeof(JsonObject), (parent, key, _) => ((JsonObject)parent).TryGetPropertyValue(key, out var value) ? TemplateModel.Of(value) : null!)
        .AddSectionBlacklistType(typeof(JsonObject))
        .AddTruthyCheck<JsonObject>(_ => true)
        .AddTruthyCheck<Dictionary<string, object>>(_ => true)
        .AddTruthyCheck<TemplateModel.Flag>(flag => flag.Value)
        .SetEncodingFunction(Escape)
        .BuildSettings();

    /// <exception cref="TemplateException">The template is no Mustache.</exception>
    /// <param name="model">An anonymous object, a record, a dictionary or JSON; null for a template without values.</param>
    public string Render(string template, object? model)
    {
        using var writer = new StringWriter();
        new StringRender(writer, _settings.RendererPipeline, _settings.MaxRecursionDepth)
            .Render(Parsed(template), new Context(TemplateModel.Of(model), _settings, _settings.RenderSettings));
        return writer.ToString();
    }

    /// <exception cref="TemplateException">The template is no Mustache.</exception>
    public void Check(string template) => Parsed(template);

    private MustacheTemplate Parsed(string template)
    {
        if (_parsed.TryGetValue(template, out var known)) return known;
        if (_parsed.Count >= MaxKept) _parsed.Clear();
        try
        {
            return _parsed[template] = MustacheParser.Parse(template, _settings.DefaultTags, 0, _settings.ParserPipeline);
        }
        catch (StubbleException e)
        {
            throw new TemplateException(e.Message, e);
        }
    }

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal);
}

/// <summary>A text is no Mustache template: a section that is not closed, or closed without having been opened.</summary>
internal sealed class TemplateException(string message, Exception inner) : Exception(message, inner);
