# Greets whoever calls through an AWS_PROXY integration, and shows the event that came.
import json


def handler(event, context):
    query = event.get('queryStringParameters') or {}
    path = event.get('pathParameters') or {}
    headers = {name.lower(): value for name, value in (event.get('headers') or {}).items()}
    body = json.loads(event['body']) if event.get('body') else {}
    text = 'Good {}, {} of {}.'.format(body.get('time', 'day'), query.get('name', 'you'), path.get('proxy', 'World'))
    if headers.get('day'):
        text += ' Happy {}!'.format(headers['day'])
    return {
        'statusCode': 200,
        'headers': {'x-custom-header': 'my custom header value'},
        'body': json.dumps({'message': text, 'input': event}),
    }
