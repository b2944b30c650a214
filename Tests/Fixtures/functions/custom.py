# Greets by the four parts that a mapping template has picked from the request.
import json

TIMES = ['morning', 'afternoon', 'evening', 'night', 'day']
DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']


def handler(event, context):
    print('greeting', json.dumps(event))
    if event.get('name') == 'nobody':
        raise ValueError('nobody is greeted: four hundred')
    time = event.get('time') if event.get('time') in TIMES else 'day'
    text = 'Good {}, {} of {}.'.format(time, event.get('name') or 'you', event.get('city') or 'World')
    if event.get('day') in DAYS:
        text += ' Happy {}!'.format(event['day'])
    return {'greeting': text}
