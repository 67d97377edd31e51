using Footbridge.Server.Api;
using Footbridge.Server.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Footbridge.UnitTests.Server.Api;

public sealed class FormFieldsTests
{
    [Fact]
    public void Fields_nest_by_brackets_and_lists_by_empty_ones()
    {
        var form = new FormCollection(new Dictionary<string, StringValues>
        {
            ["name"] = "a",
            ["config[metadata][x]"] = "1",
            ["config[metadata][y]"] = "2",
            ["config[events][]"] = new StringValues(["m", "n"]),
        });
        Assert.Equal("""{"name":"a","config":{"metadata":{"x":"1","y":"2"},"events":["m","n"]}}""", FormFields.Nest(form).ToJsonString());
    }

    [Fact]
    public void A_field_nested_without_end_is_refused() =>
        Assert.Throws<InvalidRequestException>(() => FormFields.Nest(new FormCollection(new Dictionary<string, StringValues> { [$"a{string.Concat(Enumerable.Repeat("[b]", 1000))}"] = "x" })));
}
